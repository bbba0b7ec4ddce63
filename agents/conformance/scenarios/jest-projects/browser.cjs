it("is the same", (done) => {
  const request = new XMLHttpRequest();
  request.open("POST", `${process.env.SERVER_URL}/echo?browser`);
  request.onload = () => {
    expect(request.status).toBe(200);
    expect(document.title).toBe("");
    done();
  };
  request.send("from a page");
});
