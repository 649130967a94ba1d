import { useState } from 'preact/hooks'
import type { AuctionJson } from '../../../src/protocol/auction.ts'
import { typedForm } from '../state/amount.ts'
import { useApp } from '../state/app.ts'
import { previewBid } from '../state/may-bid.ts'
import { Field } from './field.tsx'
import { say } from '../words/say.ts'

/** For a bid above the minimum. Enter bids; what was typed stays until the bid has been taken. */
export function AmountForm(props: {
  auction: AuctionJson
  isDisabled: boolean
  onBid: (amount: string) => void
}) {
  const { time } = useApp()
  const { auction } = props
  const [text, setText] = useState('')
  const [wrong, setWrong] = useState<string>()
  const preview = text.trim() === '' ? undefined : previewBid(auction, text, time.now.value)
  const told = preview?.ok === true ? preview.note : preview?.why
  const send = (event: SubmitEvent) => {
    event.preventDefault()
    if (props.isDisabled) return
    const typed = previewBid(auction, text, time.now.value)
    if (!typed.ok) {
      setWrong(typed.why)
      return
    }
    setText('')
    props.onBid(typed.amount)
  }
  return (
    <form class="amount-form" noValidate onSubmit={send}>
      <Field label={say('yourBid')} wrong={wrong} hint={wrong === undefined ? told : undefined}>
        {(control) => (
          <span class="amount-row">
            <input
              {...control}
              value={text}
              placeholder={typedForm(auction.minimumNextBid ?? '')}
              inputMode="decimal"
              enterKeyHint="go"
              autoComplete="off"
              maxLength={24}
              onInput={(event) => {
                setText(event.currentTarget.value)
                setWrong(undefined)
              }}
            />
            <button class="button" type="submit" aria-disabled={props.isDisabled}>
              {say('place')}
            </button>
          </span>
        )}
      </Field>
    </form>
  )
}
