/** The address of a policy's page, for readers of any repository. */
export function policyPage(id: string): string {
  return `https://github.com/bellwether-platform/bellwether/blob/main/docs/reference/policies/${id}.md`;
}
