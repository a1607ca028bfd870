import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { basename } from "node:path";
import { run } from "../support/process.ts";

/** A registry on loopback that has one package, and sends whoever asks for another to the one that npm uses. */
export interface Registry {
  readonly url: string;
  readonly close: () => void;
}

/** Serves a tarball of `npm pack` as the one version of its package. */
export async function serveRegistry(
  tarball: string,
  manifest: Readonly<Record<string, unknown>>,
): Promise<Registry> {
  const { stdout } = await run("npm", ["config", "get", "registry"]);
  const upstream = stdout.trim().replace(/\/+$/, "");
  const content = readFileSync(tarball);
  const integrity = `sha512-${createHash("sha512").update(content).digest("base64")}`;
  const [name, version] = [String(manifest["name"]), String(manifest["version"])];
  const server: Server = createServer((request, response) => {
    if (request.url === `/${name}`) {
      const dist = { tarball: `${url()}/${basename(tarball)}`, integrity };
      response.writeHead(200, { "content-type": "application/json" });
      response.end(
        JSON.stringify({
          name,
          "dist-tags": { latest: version },
          versions: { [version]: { ...manifest, dist } },
        }),
      );
    } else if (request.url === `/${basename(tarball)}`) {
      response.writeHead(200, { "content-type": "application/octet-stream" });
      response.end(content);
    } else {
      response.writeHead(302, { location: `${upstream}${request.url}` });
      response.end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url: url(), close: () => server.close() };
}
