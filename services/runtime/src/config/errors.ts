/** The process was started wrongly; the message names the variable, never its value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly code = 'CONFIG_INVALID';
}

/** Somebody else listens on the port that the runtime was given. */
export class PortTakenError extends Error {
  override readonly name = 'PortTakenError';
  readonly code = 'PORT_TAKEN';
}

/** Exit codes of `sysexits.h`, so that a provisioner can tell why a start failed. */
export const EXIT_CODES = { configInvalid: 78, portTaken: 75, failed: 1 };
