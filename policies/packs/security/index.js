require("../serve.cjs")("security");
