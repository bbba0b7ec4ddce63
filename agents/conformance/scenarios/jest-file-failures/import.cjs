require("./nowhere.cjs");
