// The bad day is also the day of a release: RELEASE=next runs the product with two mistakes in it that the tests find.
// What they are stands where they are made.
export const next = process.env.RELEASE === "next";
