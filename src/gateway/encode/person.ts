import type { Person } from '../../auction/person.ts'
import type { PersonJson } from '../../protocol/person.ts'

/** Field by field, so that nothing else that a person may once carry gets out. */
export function encodePerson(person: Person): PersonJson {
  return { id: person.id, name: person.name }
}
