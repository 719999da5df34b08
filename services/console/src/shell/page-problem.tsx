import { Box } from '@mantine/core';
import { type ErrorComponentProps, useRouter } from '@tanstack/react-router';
import { ApiError } from '../api/api-error.js';
import { Problem } from '../parts/problem.js';
import { NotFound } from './not-found.js';

/** A new version has other file names: a page that was open for long asks for files that are gone. */
const isGone = (error: unknown): boolean =>
  error instanceof TypeError && /dynamically imported module|Importing a module script/.test(error.message);

/** Of a page that could not be drawn; the rest of the console goes on. */
export function PageProblem({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  if (error instanceof ApiError && error.code === 'not_found') return <NotFound />;
  const retry = () => {
    if (isGone(error)) location.reload();
    else {
      reset();
      void router.invalidate();
    }
  };
  return (
    <Box maw={640} mx="auto" p="md">
      <Problem error={error} retry={retry} />
    </Box>
  );
}
