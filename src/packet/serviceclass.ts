// Service classes (SO_TRAFFIC_CLASS): Apple's numbers and names. Source: XNU bsd/sys/socket.h, bsd/net/pktap.h.

export const SERVICE_CLASS_UNKNOWN = -1;

export const ServiceClass = {
  BE: 0,
  BK_SYS: 100,
  BK: 200,
  RD: 300,
  OAM: 400,
  AV: 500,
  RV: 600,
  VI: 700,
  VO: 800,
  CTL: 900,
} as const;

/** Classes by DSCP: what docs/manual.md says, and kernel/attribute.c does. */
const BY_DSCP: { readonly [dscp: number]: number } = {
  8: ServiceClass.BK,
  10: ServiceClass.BK,
  16: ServiceClass.OAM,
  18: ServiceClass.RD,
  24: ServiceClass.VI,
  26: ServiceClass.AV,
  32: ServiceClass.RV,
  34: ServiceClass.VI,
  46: ServiceClass.VO,
  48: ServiceClass.CTL,
};

/** @returns the service class of a differentiated services code point, 0 to 63 */
export function serviceClassOfDscp(dscp: number): number {
  return BY_DSCP[dscp] ?? ServiceClass.BE;
}

const BY_NUMBER = new Map<number, string>(
  Object.entries(ServiceClass).map(([name, number]) => [number, name]),
);

/**
 * @param number a service class
 * @returns its name; a number without a name, as itself in decimal
 */
export function serviceClassName(number: number): string {
  return BY_NUMBER.get(number) ?? String(number);
}

/**
 * @param name a service class's name in any case, or its number
 * @returns the number, or null for an unknown name
 */
export function serviceClassByName(name: string): number | null {
  const wanted = name.toUpperCase();
  for (const [number, known] of BY_NUMBER) if (known === wanted) return number;
  return /^\d+$/.test(name) ? Number(name) : null;
}
