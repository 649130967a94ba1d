export interface ZookeeperPorts {
  readonly host: string
  readonly client: number
  readonly quorum: number
  readonly election: number
}

/**
 * A server's `zoo.cfg`. Short ticks, so that sessions of 1.5 s can be asked for and a dead leader is replaced within about
 * three seconds; what is acknowledged is on disk (forceSync stays at its default).
 */
export function zookeeperConfig(options: {
  dataFolder: string
  own: ZookeeperPorts
  all: readonly ZookeeperPorts[]
}): string {
  const { own, all } = options
  const ensemble = all.map(
    (ports, index) => `server.${index + 1}=${ports.host}:${ports.quorum}:${ports.election}`,
  )
  return [
    'tickTime=500',
    'initLimit=20',
    'syncLimit=6',
    'minSessionTimeout=1000',
    'maxSessionTimeout=120000',
    `dataDir=${options.dataFolder}`,
    `clientPort=${own.client}`,
    `clientPortAddress=${own.host}`,
    'maxClientCnxns=0',
    'admin.enableServer=false',
    '4lw.commands.whitelist=*',
    'snapCount=1000000',
    'preAllocSize=4096',
    ...(all.length > 1 ? ensemble : []),
    '',
  ].join('\n')
}
