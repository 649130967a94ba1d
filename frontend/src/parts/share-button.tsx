import { useState } from 'preact/hooks'
import { say } from '../words/say.ts'

/** Hands on the address of this page: by the phone's own sheet where there is one, else by the clipboard. */
export function ShareButton({ title }: { title: string }) {
  const [isCopied, setIsCopied] = useState(false)
  const share = async () => {
    const url = location.href
    try {
      if ('share' in navigator) await navigator.share({ title, url })
      else {
        await (navigator as Navigator).clipboard.writeText(url)
        setIsCopied(true)
      }
    } catch {
      setIsCopied(false) // Somebody thought better of it, or the browser forbids it.
    }
  }
  return (
    <button class="chip" type="button" aria-live="polite" onClick={() => void share()}>
      {say(isCopied ? 'linkCopied' : 'share')}
    </button>
  )
}
