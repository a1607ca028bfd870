/** What can go wrong with the programs that the control plane simulates. */
export type Fault =
  | "storefront fails every request"
  | "storefront turns a sixth of its requests away"
  | "no pod gets an address"
  | "a volume is full"
  | "a volume has no inodes left"
  | "a kubelet's certificate runs out"
  | "memory is used up"
  | "a file system is full"
  | "inodes are used up"
  | "a container is throttled"
  | "a reloader fails"
  | "pricing fails every call"
  | "pricing is slow"
  | "invoices cannot be written"
  | "invoices pile up"
  | "the help pages are down";

/** What a program answers to a scrape. */
export interface Scraped {
  readonly contentType: string;
  readonly body: string | Buffer;
}
