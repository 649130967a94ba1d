import { Refused, Unreachable } from '../../../src/client/errors.ts'
import { say } from '../words/say.ts'

/** A failed call, told to people. */
export function failureInWords(thrown: unknown): string {
  if (thrown instanceof Unreachable) return say('noNodeAnswers')
  if (thrown instanceof Refused) return sentence(thrown.message)
  return say('pageBroke')
}

/** The field of a body that a node found wrong, as in `/startPrice`, without the slash. */
export function wrongField(thrown: unknown): string | undefined {
  if (!(thrown instanceof Refused)) return undefined
  const { pointer } = thrown.problem
  return typeof pointer === 'string' ? pointer.split('/')[1] : undefined
}

function sentence(text: string): string {
  const capital = text.charAt(0).toUpperCase() + text.slice(1)
  return /[.!?]$/.test(capital) ? capital : `${capital}.`
}
