/** The end of an id tells auctions of one day apart. The dots stay with it where a line breaks. */
export function shortId(id: string): string {
  return `…\u2060${id.slice(-6)}`
}
