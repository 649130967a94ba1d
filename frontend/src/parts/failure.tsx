import { failureInWords } from '../state/failure.ts'
import { say } from '../words/say.ts'

/** A fetch that failed; the page keeps trying by itself. */
export function Failure({ error, onRetry }: { error: Error; onRetry: () => void }) {
  return (
    <div class="notice alarm" role="alert">
      <p>{failureInWords(error)}</p>
      <button class="button quiet" type="button" onClick={onRetry}>
        {say('tryAgain')}
      </button>
    </div>
  )
}
