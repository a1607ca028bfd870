/** How the engine configured a provider. */
export type Configuration = Readonly<Record<string, unknown>>;
