import { type Person, signIn } from './person.ts'
import { type Caller, createCaller, type Door } from './wire.ts'

/** Who calls, each from an address of 127.0.0.0/8 that nobody else has: what is counted by address is counted apart. */
export interface People {
  /** An address that was not used before. */
  newAddress(): string
  /** Somebody at a new address, or at the one given; at the stage's door, or at the one given. */
  stranger(at?: { from?: string; door?: Door }): Caller
  guest(name: string, at?: { from?: string; door?: Door }): Promise<Person>
  /** Closes the connections of all. */
  leave(): void
}

export function createPeople(doorNow: () => Door): People {
  let addressCount = 0
  const callers: Caller[] = []
  const newAddress = () => {
    addressCount++
    return `127.1.${Math.floor(addressCount / 250)}.${(addressCount % 250) + 1}`
  }
  const stranger: People['stranger'] = ({ from = newAddress(), door = doorNow() } = {}) => {
    const caller = createCaller(door, from)
    callers.push(caller)
    return caller
  }
  return {
    newAddress,
    stranger,
    guest: (name, at) => signIn(stranger(at), name),
    leave() {
      for (const caller of callers.splice(0)) caller.close()
    },
  }
}
