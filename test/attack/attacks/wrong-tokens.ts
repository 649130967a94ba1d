import { pause } from '../../faults/wait.ts'
import { apiPath } from '../../../src/protocol/version.ts'
import type { Attack } from '../attack.ts'
import { openFeedSocket } from '../stage/feed-socket.ts'
import { bid, said, sell } from '../stage/person.ts'
import { createCaller } from '../stage/wire.ts'

/** A stranger guesses tokens at the address of somebody who has one, as behind one router. */
export const wrongTokens: Attack = {
  name: 'wrong-tokens',
  promise: 'wrong tokens never sign out somebody else of the same address',
  async run(stage) {
    const seller = await stage.guest('Selma')
    const auctionId = await sell(seller)
    const honest = await stage.guest('Harriet')
    const { from } = honest.caller
    const guesser = createCaller(stage.door, from)
    const guesses = Array.from({ length: guessCount }, (_, guess) => ({
      path: `${apiPath}/session`,
      token: `xxxxxxxxxxxxxxxxxxxx${guess}`,
    }))
    const answers = await guesser.askAll(guesses)
    const broken: string[] = []
    const right = answers.filter((answer) => answer?.status === 200)
    if (right.length > 0) broken.push(`${right.length} guessed tokens were taken`)

    let isOver = false
    const goingOn = (async () => {
      while (!isOver) {
        await guesser.askAll(guesses.slice(0, 10), 5)
        await pause(50)
      }
    })()
    for (let call = 1; call <= honestCalls; call++) {
      const answer = await honest.caller.ask({ path: `${apiPath}/session`, token: honest.token })
      if (answer.status !== 200)
        broken.push(`honest call ${call} of ${honestCalls}: ${said(answer)}`)
    }
    const outcome = await bid(honest, auctionId, 'honest-bid-1', '100.00')
    if (outcome.status !== 201) broken.push(`the honest bid: ${said(outcome)}`)
    const socket = await openFeedSocket(stage.door, from)
    socket.send({ type: 'hello', token: honest.token })
    const welcome = await socket.frame(({ type, user }) => type === 'welcome' && user !== undefined)
    if (welcome === undefined) broken.push('the honest page is not signed in')
    socket.terminate()
    isOver = true
    await goingOn
    guesser.close()
    return broken
  },
}

const guessCount = 720
const honestCalls = 9
