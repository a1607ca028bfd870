import type { Ledger, Path } from "./ledger.ts";
import type { OpenSloObject, OpenSloOf } from "./openslo-file.ts";

/** One object with the book of what becomes of it. */
export interface Entry<K extends OpenSloObject["kind"] = OpenSloObject["kind"]> {
  readonly object: OpenSloOf<K>;
  readonly ledger: Ledger;
}

/** All objects, so that one may refer to another in whatever document or file it stands. */
export class Catalogue {
  readonly entries: readonly Entry[];

  constructor(entries: readonly Entry[]) {
    this.entries = entries;
  }

  of<K extends OpenSloObject["kind"]>(kind: K): readonly Entry<K>[] {
    return this.entries.filter(({ object }) => object.kind === kind) as unknown as readonly Entry<K>[];
  }

  named<K extends OpenSloObject["kind"]>(kind: K, name: string): Entry<K> | undefined {
    return this.of(kind).find(({ object }) => object.metadata.name === name);
  }
}

/** What nobody else took of an object's metadata. */
export function readMetadata(metadata: OpenSloObject["metadata"], path: Path, ledger: Ledger): void {
  if (metadata.displayName === metadata.name) ledger.carried([...path, "displayName"]);
  else if (metadata.displayName !== undefined) ledger.lost([...path, "displayName"], "display-name");
  ledger.lostEach([...path, "labels"], "label");
  ledger.lostEach([...path, "annotations"], "annotation");
  if (path.length > 1 || !ledger.isEntered([...path, "name"])) ledger.carried([...path, "name"]);
}
