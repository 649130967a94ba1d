/** The end of an id tells auctions of one day apart. */
export function shortId(id: string): string {
  return `…${id.slice(-6)}`
}
