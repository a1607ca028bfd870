import { buildControlPlane, startControlPlane } from "./control-plane.ts";

// npm run control-plane: the tests' control plane, to look at by hand.

await buildControlPlane();
const started = Date.now();
const plane = await startControlPlane();
console.log(
  `A Kubernetes control plane with six nodes answers at ${plane.url}, after ${Date.now() - started} ms.`,
);
console.log(
  `\n  export KUBECONFIG=${plane.kubeconfig}\n\nIts logs are in ${plane.logs}. Ctrl-C ends it and removes everything.`,
);
// The programs keep no process alive; somebody who looks at them does.
const waiting = setInterval(() => {}, 60_000);
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => {
    clearInterval(waiting);
    void plane.stop();
  });
