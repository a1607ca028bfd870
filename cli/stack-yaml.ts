/** The key of a stack's config that holds its environment. */
export const ENVIRONMENT_KEY = "bellwether:environment";
