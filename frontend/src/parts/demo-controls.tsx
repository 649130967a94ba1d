import { useEffect, useState } from 'preact/hooks'
import { useApp } from '../state/app.ts'
import { followDemo, type DemoControl } from '../state/demo-control.ts'
import { say } from '../words/say.ts'
import { DemoNodeBar } from './demo-node-bar.tsx'

/** On the cluster page of a demo's node: what the demo can do to nodes, also to dead ones. */
export function DemoControls({ url }: { url: string }) {
  const { clock } = useApp()
  const [control, setControl] = useState<DemoControl>()
  useEffect(() => {
    const followed = followDemo(url, clock)
    setControl(followed)
    return () => followed.stop()
  }, [url])
  const state = control?.loaded.value.value
  if (control === undefined || state === undefined) return null
  return (
    <section class="demo-controls" aria-labelledby="demo-nodes">
      <h2 id="demo-nodes">{say('demoNodes')}</h2>
      {state.nodes.map((node) => (
        <DemoNodeBar key={node.nodeId} node={node} control={control} />
      ))}
      {control.refusal.value !== undefined && (
        <p class="notice alarm" role="alert">
          {control.refusal.value}
        </p>
      )}
    </section>
  )
}
