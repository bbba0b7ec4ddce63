throw new Error("the file failed");
