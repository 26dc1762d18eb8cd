"""What can be wrong with a recipient or a sheet, as codes."""

# A recipient that cannot be printed.
NO_ADDRESS = "no_address"  # neither city nor street
NO_NAME = "no_name"
ARCHIVED = "archived"  # said by who knows the master
DOES_NOT_FIT = "does_not_fit"  # not even in the smallest print
MISSING_GLYPH = "missing_glyph"  # no font of the chain has the character

# A recipient that is printed, and looked at once more.
NO_POSTAL_CODE = "no_postal_code"
ODD_POSTAL_CODE = "odd_postal_code"  # not seven digits
SMALL_PRINT = "small_print"  # below the size that reads well
VARIANT_GLYPH = "variant_glyph"  # 異体字セレクタ: the base form is printed

# A sheet that cannot be.
NOT_POSITIVE = "not_positive"
NEGATIVE = "negative"
TOO_WIDE = "too_wide"
TOO_HIGH = "too_high"
OVERLAP_X = "overlap_x"
OVERLAP_Y = "overlap_y"
OFFSET_TOO_LARGE = "offset_too_large"
PADDING_TOO_LARGE = "padding_too_large"
