# SPDX-License-Identifier: GPL-3.0-or-later
"""What bench/run is made of."""
