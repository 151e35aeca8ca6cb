/** A file of a report: a path with "/" inside of the report's folder, and its content. */
export type ReportFile = readonly [name: string, content: Uint8Array];
