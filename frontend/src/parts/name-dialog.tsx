import { useEffect, useRef, useState } from 'preact/hooks'
import { useApp } from '../state/app.ts'
import { failureInWords } from '../state/failure.ts'
import { Field } from './field.tsx'
import { say } from '../words/say.ts'

/** Asks a guest for a name, when something needs one: at the first bid, and before selling. */
export function NameDialog() {
  const { visitor } = useApp()
  const dialog = useRef<HTMLDialogElement>(null)
  const isAsking = visitor.isAsking.value
  useEffect(() => {
    if (isAsking) dialog.current?.showModal()
    else dialog.current?.close()
  }, [isAsking])
  return (
    <dialog
      ref={dialog}
      class="dialog"
      aria-labelledby="name-question"
      onClose={() => visitor.decline()}
    >
      {isAsking && <NameQuestion />}
    </dialog>
  )
}

function NameQuestion() {
  const { visitor } = useApp()
  const [name, setName] = useState('')
  const [wrong, setWrong] = useState<string>()
  const [isSending, setIsSending] = useState(false)
  const send = async (event: SubmitEvent) => {
    event.preventDefault()
    if (isSending) return
    if (name.trim() === '') {
      setWrong(say('sayANameFirst'))
      return
    }
    setIsSending(true)
    try {
      await visitor.introduce(name.trim())
    } catch (thrown) {
      setWrong(failureInWords(thrown))
      setIsSending(false)
    }
  }
  return (
    <form noValidate onSubmit={(event) => void send(event)}>
      <h2 id="name-question">{say('whoAreYou')}</h2>
      <p class="muted">{say('whyAName')}</p>
      <Field label={say('yourName')} wrong={wrong}>
        {(props) => (
          <input
            {...props}
            value={name}
            onInput={(event) => setName(event.currentTarget.value)}
            maxLength={40}
            autoComplete="nickname"
            autoFocus
            required
          />
        )}
      </Field>
      <div class="actions">
        <button class="button primary" type="submit" aria-disabled={isSending}>
          {say('goOn')}
        </button>
        <button class="button quiet" type="button" onClick={() => visitor.decline()}>
          {say('notNow')}
        </button>
      </div>
    </form>
  )
}
