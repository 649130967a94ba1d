export interface ZookeeperPorts {
  readonly client: number
  readonly quorum: number
  readonly election: number
}

/**
 * A server's `zoo.cfg`. Short ticks, so that sessions of 1.5 s can be asked for and a dead leader is replaced within about
 * three seconds; what is acknowledged is on disk (forceSync stays at its default).
 */
export function zookeeperConfig(options: {
  host: string
  dataFolder: string
  clientPort: number
  all: readonly ZookeeperPorts[]
}): string {
  const { host, all } = options
  const ensemble = all.map(
    (ports, index) => `server.${index + 1}=${host}:${ports.quorum}:${ports.election}`,
  )
  return [
    'tickTime=500',
    'initLimit=20',
    'syncLimit=6',
    'minSessionTimeout=1000',
    'maxSessionTimeout=120000',
    `dataDir=${options.dataFolder}`,
    `clientPort=${options.clientPort}`,
    `clientPortAddress=${host}`,
    'maxClientCnxns=0',
    'admin.enableServer=false',
    '4lw.commands.whitelist=*',
    'snapCount=1000000',
    'preAllocSize=4096',
    ...(all.length > 1 ? ensemble : []),
    '',
  ].join('\n')
}
