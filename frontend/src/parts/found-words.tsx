/** A text with the words of a search marked in it. */
export function FoundWords({ text, words }: { text: string; words: string }) {
  const wanted = words.trim().split(/\s+/).filter(Boolean).map(escaped)
  if (wanted.length === 0) return <>{text}</>
  const parts = text.split(new RegExp(`(${wanted.join('|')})`, 'giu'))
  return (
    <>{parts.map((part, index) => (index % 2 === 1 ? <mark key={index}>{part}</mark> : part))}</>
  )
}

function escaped(word: string): string {
  return word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
