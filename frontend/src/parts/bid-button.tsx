import { useRef, useState } from 'preact/hooks'
import { money } from '../state/amount.ts'
import { say } from '../words/say.ts'

/**
 * Bids exactly the amount that it shows. The amount stands still from pressing to releasing: whoever presses "Bid $120.00"
 * never bids $125.00 because somebody else was faster.
 */
export function BidButton(props: {
  amount: string
  currency: string
  isDisabled: boolean
  describedBy: string | undefined
  onBid: (amount: string) => void
}) {
  const [frozen, setFrozen] = useState<string>()
  const pressed = useRef<string>(undefined)
  const shown = frozen ?? props.amount
  const freeze = (amount: string | undefined) => {
    pressed.current = amount
    setFrozen(amount)
  }
  return (
    <button
      class="button primary big"
      type="button"
      aria-disabled={props.isDisabled}
      aria-describedby={props.describedBy}
      onPointerDown={() => freeze(shown)}
      onPointerLeave={() => freeze(undefined)}
      onPointerCancel={() => freeze(undefined)}
      onClick={() => {
        const amount = pressed.current ?? props.amount
        freeze(undefined)
        if (!props.isDisabled) props.onBid(amount)
      }}
    >
      {say('bid', { amount: money(shown, props.currency) })}
    </button>
  )
}
