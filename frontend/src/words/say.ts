import { signal } from '@preact/signals'
import { english, type English } from './english.ts'
import { fill, type Catalogue, type ValuesOf } from './phrase.ts'

export interface Language {
  readonly code: 'en' | 'de'
  /** In the language itself. */
  readonly name: string
  /** For amounts and instants. */
  readonly locale: string
  readonly clockLocale: string
  readonly load: () => Promise<Catalogue<keyof English>>
}

export const languages: readonly Language[] = [
  {
    code: 'en',
    name: 'English',
    locale: 'en-US',
    clockLocale: 'en-GB',
    load: async () => english,
  },
  {
    code: 'de',
    name: 'Deutsch',
    locale: 'de-DE',
    clockLocale: 'de-DE',
    load: async () => (await import('./german.ts')).german,
  },
]

const firstLanguage = languages[0] as Language
const spoken = signal<{ language: Language; catalogue: Catalogue<keyof English> }>({
  language: firstLanguage,
  catalogue: english,
})

/** The language that the page speaks; parts that ask are drawn anew when it changes. */
export function language(): Language {
  return spoken.value.language
}

const pluralRules = new Map<string, Intl.PluralRules>()

function pluralRulesOf(locale: string): Intl.PluralRules {
  const rules = pluralRules.get(locale) ?? new Intl.PluralRules(locale)
  pluralRules.set(locale, rules)
  return rules
}

/** The phrase in the page's language, with its values: `say('bid', { amount: '$120.00' })`. */
export function say<Key extends keyof English>(key: Key, ...values: ValuesOf<English[Key]>) {
  const { language, catalogue } = spoken.value
  return fill(catalogue[key], values[0] ?? {}, (count) =>
    pluralRulesOf(language.locale).select(count),
  )
}

/** Changes the page's language. The page stays as it is where the catalogue cannot be fetched. */
export async function speak(code: string | undefined): Promise<void> {
  const wanted = languages.find((known) => known.code === code)
  if (wanted === undefined || wanted === spoken.peek().language) return
  const catalogue = await wanted.load().catch(() => undefined)
  if (catalogue !== undefined) spoken.value = { language: wanted, catalogue }
}

/** The first of the preferred languages that the page speaks. */
export function chooseLanguage(preferred: readonly string[]): string | undefined {
  return preferred
    .map((tag) => tag.toLowerCase().split('-')[0])
    .find((code) => languages.some((known) => known.code === code))
}
