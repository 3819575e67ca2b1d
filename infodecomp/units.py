"""Units of information."""

import math

LN2 = math.log(2)  # nats in a bit
