/** The names a subscriber speaks to; what they are for is in the README, for clients in other languages. */
const API = '$JS.tocsin.API';

const streamOf = (project: string) => `EVENTS_${project}`;

export const access = {
  info: (project: string) => `${API}.STREAM.INFO.${streamOf(project)}`,
  read: (project: string) => `${API}.DIRECT.GET.${streamOf(project)}`,
  position: (identity: string) => `position.${identity}`,
  readPosition: (identity: string) => `${API}.DIRECT.GET.POSITIONS.position.${identity}`,
  live: (project: string) => [`alert.${project}.>`, `status.${project}.>`],
} as const;
