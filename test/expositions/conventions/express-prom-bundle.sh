#!/usr/bin/env bash
# library: express-prom-bundle 8.0.0
# with: express 5.3.0, prom-client 15.1.3, Node.js, includeMethod and includePath
# asked: ok slow bad fail raise unknown orders hang
set -euo pipefail
npm init -y >/dev/null
npm install --silent --no-audit --no-fund express-prom-bundle@8.0.0 express@5.3.0 prom-client@15.1.3
cat >app.cjs <<'EOF'
const express = require("express");
const bundle = require("express-prom-bundle");
const later = (ms) => new Promise((done) => setTimeout(done, ms));
const app = express();
app.use(bundle({ includeMethod: true, includePath: true, promClient: { collectDefaultMetrics: {} } }));
app.get("/ok", (_, answer) => answer.send("ok"));
app.get("/slow", async (_, answer) => { await later(1200); answer.send("slow"); });
app.get("/bad", (_, answer) => answer.status(400).send("bad"));
app.get("/fail", (_, answer) => answer.status(503).send("fail"));
app.get("/raise", () => { throw new Error("raised"); });
app.get("/orders/:order", (question, answer) => answer.send(question.params.order));
app.get("/hang", async (_, answer) => { await later(2000); answer.send("late"); });
app.listen(process.env.PORT, "127.0.0.1");
EOF
exec node app.cjs
