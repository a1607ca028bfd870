require("../serve.cjs")("bellwether");
