/** Names the file of waivers for a policy pack: an absolute path, because the engine starts a pack in the pack's own folder. */
export const WAIVERS_VARIABLE = "BELLWETHER_WAIVERS";

/** The name of the file, beside the files of the stacks. */
export const WAIVERS_FILE = "waivers.yaml";
