/** Takes the ticket that a page of another node put into the fragment out of the address, where it would stay to be seen. */
export function takeTicket(
  place: Pick<Location, 'hash' | 'pathname' | 'search'>,
  history: Pick<History, 'replaceState' | 'state'>,
): string | undefined {
  const ticket = /^#ticket=([A-Za-z0-9_-]{1,256})$/.exec(place.hash)?.[1]
  if (ticket !== undefined) history.replaceState(history.state, '', place.pathname + place.search)
  return ticket
}
