require("../serve.cjs")("reliability");
