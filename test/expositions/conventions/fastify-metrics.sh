#!/usr/bin/env bash
# library: fastify-metrics 14.1.0
# with: fastify 5.12.8, Node.js
# asked: ok slow bad fail raise unknown orders hang
set -euo pipefail
npm init -y >/dev/null
npm install --silent --no-audit --no-fund fastify-metrics@14.1.0 fastify@5.12.8
cat >app.cjs <<'EOF'
const app = require("fastify")();
const later = (ms) => new Promise((done) => setTimeout(done, ms));
app.register(require("fastify-metrics"), { endpoint: "/metrics" });
app.register(async (routes) => {
  routes.get("/ok", async () => "ok");
  routes.get("/slow", async () => { await later(1200); return "slow"; });
  routes.get("/bad", async (_, answer) => answer.code(400).send("bad"));
  routes.get("/fail", async (_, answer) => answer.code(503).send("fail"));
  routes.get("/raise", async () => { throw new Error("raised"); });
  routes.get("/orders/:order", async (question) => question.params.order);
  routes.get("/hang", async () => { await later(2000); return "late"; });
});
app.listen({ port: Number(process.env.PORT), host: "127.0.0.1" });
EOF
exec node app.cjs
