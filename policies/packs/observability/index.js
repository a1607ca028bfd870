require("../serve.cjs")("observability");
