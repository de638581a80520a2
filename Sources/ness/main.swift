print("ness")
