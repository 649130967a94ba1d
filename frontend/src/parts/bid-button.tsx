import { useRef, useState } from 'preact/hooks'
import { money } from '../state/amount.ts'
import { say } from '../words/say.ts'

/**
 * Bids exactly the amount that it shows. The amount stands still from pressing to releasing: whoever presses "Bid $120.00"
 * never bids $125.00 because somebody else was faster. The second tap of a double tap is no bid.
 */
export function BidButton(props: {
  amount: string
  currency: string
  isDisabled: boolean
  isSending: boolean
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
      data-shortcut="b"
      aria-disabled={props.isDisabled}
      aria-busy={props.isSending}
      aria-describedby={props.describedBy}
      onPointerDown={() => freeze(shown)}
      onPointerLeave={() => freeze(undefined)}
      onPointerCancel={() => freeze(undefined)}
      onClick={(event) => {
        const amount = pressed.current ?? props.amount
        freeze(undefined)
        if (!props.isDisabled && event.detail < 2) props.onBid(amount)
      }}
    >
      {say('bid', { amount: money(shown, props.currency) })}
    </button>
  )
}
