import { useRef, useState } from 'preact/hooks'
import type { AuctionJson } from '../../../src/protocol/auction.ts'
import { money, typedForm } from '../state/amount.ts'
import { useApp } from '../state/app.ts'
import { previewBid } from '../state/may-bid.ts'
import { quickStepsOf } from '../state/quick-steps.ts'
import { say } from '../words/say.ts'
import { Field } from './field.tsx'

/** For a bid above the minimum. Enter bids; what was typed stays until the bid has been taken. */
export function AmountForm(props: {
  auction: AuctionJson
  isDisabled: boolean
  onBid: (amount: string) => void
}) {
  const { time } = useApp()
  const { auction } = props
  const field = useRef<HTMLInputElement>(null)
  const [text, setText] = useState('')
  const [wrong, setWrong] = useState<string>()
  const preview = text.trim() === '' ? undefined : previewBid(auction, text, time.now.value)
  const told = preview?.ok === true ? preview.note : preview?.why
  const type = (next: string) => {
    setText(next)
    setWrong(undefined)
  }
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
      <QuickSteps
        auction={auction}
        onChoose={(amount) => {
          type(typedForm(amount))
          field.current?.focus()
        }}
      />
      <Field label={say('yourBid')} wrong={wrong} hint={wrong === undefined ? told : undefined}>
        {(control) => (
          <span class="amount-row">
            <input
              {...control}
              ref={field}
              value={text}
              placeholder={typedForm(auction.minimumNextBid ?? '')}
              inputMode="decimal"
              enterKeyHint="go"
              autoComplete="off"
              maxLength={24}
              data-shortcut="m"
              onInput={(event) => type(event.currentTarget.value)}
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

/** Puts an amount into the field: placing it stays a step of its own. */
function QuickSteps(props: { auction: AuctionJson; onChoose: (amount: string) => void }) {
  const { auction, onChoose } = props
  return (
    <div class="chips steps" role="group" aria-label={say('quickSteps')}>
      {quickStepsOf(auction).map(({ stepCount, amount }) => (
        <button key={stepCount} class="chip" type="button" onClick={() => onChoose(amount)}>
          {money(amount, auction.currency)}
        </button>
      ))}
    </div>
  )
}
