print("sitecustomize of the project, which is the first")
