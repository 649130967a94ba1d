import { InvalidArgumentError, Option } from 'commander'

/** A flag with its twin in the environment: `--close-grace-ms` is also LOTKEEPER_CLOSE_GRACE_MS. */
export function flag(flags: string, description: string): Option {
  const option = new Option(flags, description)
  const twin = `LOTKEEPER_${option.name().toUpperCase().replaceAll('-', '_')}`
  // Commander takes a switch as given as soon as its twin exists; people write 0 and mean no.
  const isOff = option.isBoolean() && ['', '0', 'false', 'no'].includes(process.env[twin] ?? '-')
  return isOff ? option : option.env(twin)
}

/** For `argParser`: a whole number within bounds. */
export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN
    if (value >= min && value <= max) return value
    throw new InvalidArgumentError(`Use a whole number from ${min} to ${max}.`)
  }
}

/** For `argParser`: whatever `parse` makes of it; undefined is refused, with what is allowed. */
export function parsedBy<T>(parse: (text: string) => T | undefined, allowed: string) {
  return (text: string): T => {
    const value = parse(text)
    if (value === undefined) throw new InvalidArgumentError(allowed)
    return value
  }
}

/** Comma or blanks between. */
export function listOf(text: string): string[] {
  return text.split(/[\s,]+/).filter((part) => part !== '')
}

/** For `argParser`: names that all pass; the environment gives several in one text, the command line one after the other. */
export function gatheredList(isGood: (text: string) => boolean, allowed: string) {
  let given: string[] = []
  const parse = parsedBy((text: string) => {
    const names = listOf(text)
    return names.every(isGood) ? names : undefined
  }, allowed)
  return (text: string) => (given = [...given, ...parse(text)])
}
