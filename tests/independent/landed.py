"""Which corrections of older equations the product has: the oracle follows, so that both change in one commit.

Whoever lands one of these in the product sets it to True here. Once all are True, this file goes.
"""

H1_BURDEN_ENDS_WITH_THE_HORIZON = True
H2_CLAWBACK_COUNTS = True
D1_STOCK_LAY_A_YEAR = True
G2_SITE_NOT_SUM = True
H4_DUTIES_OF_OTHERS_COUNT = True
H5_FINAL_STOCK_AS_INITIAL = True
F2_INDEX_BY_MINERAL = True
F4_ROWS_ALIKE_SHARE = True
