import { signal, type ReadonlySignal } from '@preact/signals'
import type { Client } from '../../../src/client/client.ts'
import type { PersonJson } from '../../../src/protocol/person.ts'
import { createDeferred, type Deferred } from '../../../src/lib/deferred.ts'
import { createStoredValue, type KeyValueStorage } from './stored-value.ts'

/** Who looks at this page: nobody yet, or a guest with a name. The token lives as long as the tab. */
export interface Visitor {
  readonly person: ReadonlySignal<PersonJson | undefined>
  /** Whether the page should ask for a name now. */
  readonly isAsking: ReadonlySignal<boolean>
  /** The person, asked for a name if need be; undefined when they would rather not say. */
  require(): Promise<PersonJson | undefined>
  /** The answer to the question. @throws what the client throws: then the question stays open. */
  introduce(name: string): Promise<void>
  decline(): void
  /** The node does not know the token any more. */
  forget(): void
  leave(): Promise<void>
}

export interface Guest {
  readonly token: string
  readonly user: PersonJson
}

export function storedGuest(storage: KeyValueStorage) {
  return createStoredValue<Guest>(storage, 'lotkeeper.guest', isGuest)
}

export function createVisitor(deps: { client: Client; storage: KeyValueStorage }): Visitor {
  const { client } = deps
  const guest = storedGuest(deps.storage)
  const person = signal<PersonJson | undefined>(guest.read()?.user)
  const isAsking = signal(false)
  let question: Deferred<PersonJson | undefined> | undefined

  const answer = (who: PersonJson | undefined) => {
    isAsking.value = false
    question?.resolve(who)
    question = undefined
  }
  const forget = () => {
    guest.clear()
    person.value = undefined
    client.session.use(undefined)
  }
  client.connection.onChange(() => {
    if (client.connection.isSignInNeeded) forget()
    else if (client.connection.user !== undefined) person.value = client.connection.user
  })
  return {
    person,
    isAsking,
    async require() {
      if (person.value !== undefined) return person.value
      if (question === undefined) {
        question = createDeferred()
        isAsking.value = true
      }
      return question.promise
    },
    async introduce(name) {
      const session = await client.session.create(name)
      guest.write({ token: session.token, user: session.user })
      person.value = session.user
      answer(session.user)
    },
    decline: () => answer(undefined),
    forget,
    async leave() {
      await client.session.end()
      forget()
    },
  }
}

function isGuest(value: unknown): value is Guest {
  if (typeof value !== 'object' || value === null) return false
  const { token, user } = value as Partial<Guest>
  return typeof token === 'string' && typeof user?.id === 'string' && typeof user.name === 'string'
}
