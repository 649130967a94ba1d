/** One way to say something; `{name}` marks where a value goes. With two forms, `{count}` chooses by the language's own rules. */
export type Phrase = string | { readonly one: string; readonly other: string }

/** The phrases of one language by key. Every language has the keys of English, and its values. */
export type Catalogue<Keys extends string = string> = Readonly<Record<Keys, Phrase>>

type NamesIn<Text> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | NamesIn<Rest>
  : never

type NamesOf<P> = P extends { readonly one: infer One; readonly other: infer Other }
  ? NamesIn<One> | NamesIn<Other> | 'count'
  : NamesIn<P>

/** The values that a phrase needs: none, or one for each name in it. */
export type ValuesOf<P> = [NamesOf<P>] extends [never]
  ? []
  : [values: Readonly<Record<NamesOf<P>, string | number>>]

export function fill(
  phrase: Phrase,
  values: Readonly<Record<string, string | number>>,
  plural: (count: number) => string,
): string {
  const text =
    typeof phrase === 'string'
      ? phrase
      : plural(Number(values['count'])) === 'one'
        ? phrase.one
        : phrase.other
  return text.replace(/\{(\w+)\}/g, (mark, name: string) => String(values[name] ?? mark))
}
