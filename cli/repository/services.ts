import { join } from "node:path";
import type { Service } from "../../components/service/model.ts";
import { STACKS_FOLDER } from "../../stacks/names.ts";
import { loaded } from "../loading.ts";

/** The services of this repository. Throws an InvalidInputError for mistakes in their files and definitions. */
export async function services(): Promise<readonly Service[]> {
  const listing = await loaded(
    () => import("../../stacks/services/index.ts"),
    join(STACKS_FOLDER, "services"),
  );
  return listing.services;
}
