it("is the same", async () => expect((await fetch(`${process.env.SERVER_URL}/json?server`)).status).toBe(200));
