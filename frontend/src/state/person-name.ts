import type { PersonJson } from '../../../src/protocol/person.ts'

/** A number of three digits that is the same for a bidder on every page: two people may have one name. */
export function paddleOf(personId: string): string {
  let hash = 7
  for (const character of personId) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 900_001
  return String((hash % 900) + 100)
}

/** The name, or for a wall that strangers see its first letter: `A•••`. */
export function shownName(person: PersonJson, isMasked: boolean): string {
  if (!isMasked) return person.name
  const [first = ''] = Array.from(person.name)
  return `${first}•••`
}
