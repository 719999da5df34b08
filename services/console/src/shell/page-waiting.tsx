import { Box } from '@mantine/core';
import { Waiting } from '../parts/waiting.js';

export const PageWaiting = () => (
  <Box p="md">
    <Waiting />
  </Box>
);
